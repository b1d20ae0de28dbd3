"""The synthetic site's tables as the files a real site would send: one writer for each kind of file."""
