mod buttons;
mod looking;
mod searching;
