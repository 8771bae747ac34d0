"""The plugin end to end: real pytest runs in processes of their own, judged by what they leave behind."""
