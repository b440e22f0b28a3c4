"""Speech for whoever speaks: numbers and letters as words (pure), sound, the engines that make it, what plays it."""
