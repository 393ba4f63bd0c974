"""What each line of a page is: body, heading, note, caption, item of a list, part of a table, furniture."""
