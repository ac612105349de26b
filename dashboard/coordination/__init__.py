"""What the committee agrees and what becomes of it: the write door for actions and meetings."""
