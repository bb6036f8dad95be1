"""From money to units and back: pure, exact, explained."""
