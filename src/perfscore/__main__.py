"""`python -m perfscore`: the same door as `perfscore`."""

from perfscore.cli import main

main()
