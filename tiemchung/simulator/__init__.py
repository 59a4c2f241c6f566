"""A country to practise on: people, the registers that know them, facilities, days, errors. Nobody in it is real."""
