"""Text that a CI server only shows: nothing in it is a command to any of them."""

import re

from bench.wording.plain import plain

_COMMANDS = re.compile(
    r"""^\ *:(?=:)                       # GitHub: ::error::, at a line's start
    | \#(?=\#[a-z]*\[)                   # Azure, GitHub, TeamCity: ##[error], ##vso[...], ##teamcity[...], anywhere
    | (?:section|travis)_(?=[a-z]+:)     # GitLab, Travis: section_start:1:name, travis_fold:start:name, anywhere
    """,
    re.VERBOSE | re.IGNORECASE,
)


def logged(text: str) -> str:
    r"""The text with its lines kept and their indents, harmless in any log of a CI server.

    No escape sequences, controls, bidirectional or invisible characters; a blank is put into whatever a server would take
    for its own command. Sources: docs.github.com, "Workflow commands for GitHub Actions"; learn.microsoft.com, "Logging
    commands" of Azure Pipelines; docs.gitlab.com, "Job logs", custom collapsible sections; jetbrains.com, "Service
    messages" of TeamCity.

    >>> logged("now:\n  ::set-output name=x::y\n\t##[error]\x1b[31mred section_start:1:a")
    'now:\n  : :set-output name=x::y\n# #[error]red section_ start:1:a'
    """
    return "\n".join(_line(each) for each in f"{text}\n".splitlines())


def _line(line: str) -> str:
    """One line; blanks stay as they are, so that columns do."""
    told = "".join(
        each if each.startswith(" ") else plain(each) for each in re.split("( +)", line) if each
    )
    return _COMMANDS.sub(lambda found: f"{found[0]} ", told)
