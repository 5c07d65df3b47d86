package org.understudy.agent.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Says what is wrong with a file, to a person who knows files and not Java. */
public final class FileTrouble {

    private FileTrouble() {}

    public static String describe(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "something else is there";
        }
        return e instanceof IOException && e.getMessage() != null ? e.getMessage() : "it is not what it should be";
    }
}
