package org.understudy.interop.power;

/** What a name stands for on the disk: a file or a directory, whatever its names are at the moment. */
sealed interface Node permits StoredFile, StoredDirectory {}
