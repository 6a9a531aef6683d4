"""The command line: it parses, calls and prints. No SQL, no rule and no arithmetic of days is here."""
