import sys

from golive.simulator.cli import main

sys.exit(main())
