"""Pure decisions of the market pages: where a region lies on the map, which periods have enough sales."""
