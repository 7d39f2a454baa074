"""`python -P -m whyfolio` is the same as `whyfolio`."""

from whyfolio.cli.main import main

main()
