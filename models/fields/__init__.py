"""What a blank can be: its kinds of field, how each is told, invented, frozen. How it is asked: admin/kit."""
