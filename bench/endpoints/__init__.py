"""Who answers: adapters that turn a request into a reply, each behind the same seam."""
