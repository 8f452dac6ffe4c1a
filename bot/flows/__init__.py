"""Stories: load the state, let the domain decide, commit the new state together with the work it causes."""
