"""Every figure of the speed table, each beside its baseline in the same run."""
