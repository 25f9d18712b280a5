"""What others hold, as their files tell it: read, mended, and told what each row would be here. Nothing is written."""
