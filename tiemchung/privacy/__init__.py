"""What is kept about a person, for how long, and how does he get all of it?"""
