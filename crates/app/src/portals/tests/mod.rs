mod crawler;
mod forms;
mod texts;
