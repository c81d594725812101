"""What a run showed, trial by trial and without a text: what one run is held against another by."""
