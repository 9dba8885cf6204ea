"""The officers' tool by itself: `python -m auctions.sealing`."""

import click

from auctions.sealing.commands import COMMANDS

tool = click.Group(help="Make an opening key; unlock your institution's shares of sealed bids.")
for command in COMMANDS:
    tool.add_command(command)

if __name__ == "__main__":
    tool()
