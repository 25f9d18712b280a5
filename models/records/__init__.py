"""What transitions write: one module, one record each; a new module here is found by itself. Not what moves a case."""
