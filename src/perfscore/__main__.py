"""`python -m perfscore`: the same door as `perfscore`."""

from perfscore.cli import main

if __name__ == "__main__":
    main()
