"""What a blank can be."""
