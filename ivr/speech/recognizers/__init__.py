"""The adapters of `ivr.speech.recognizer.Recognizer`, one file each; imported only in a recogniser's own process."""
