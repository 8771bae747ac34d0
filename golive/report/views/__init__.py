"""What the templates show: each module turns a part of the record into plain values with words and links."""
