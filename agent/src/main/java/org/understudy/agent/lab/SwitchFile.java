package org.understudy.agent.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The switches, on disk before they are turned, so that a restarted agent finds broken what was broken. Thread-safe. */
final class SwitchFile {
    private final Path file;
    private volatile Switches current;

    private SwitchFile(Path file, Switches current) {
        this.file = file;
        this.current = current;
    }

    static SwitchFile open(Path file) {
        try {
            return new SwitchFile(
                    file,
                    Files.exists(file) ? LabFiles.JSON.readValue(file.toFile(), Switches.class) : Switches.ALL_WELL);
        } catch (IOException e) {
            throw new LabException(
                    "The lab's switches in " + file + " cannot be read: delete the file to begin anew.", e);
        }
    }

    Switches current() {
        return current;
    }

    synchronized Switches change(UnaryOperator<Switches> change) {
        Switches next = change.apply(current);
        if (!next.equals(current)) {
            try {
                LabFiles.replace(file, LabFiles.JSON.writeValueAsBytes(next));
            } catch (IOException e) {
                throw new LabException("The lab's switches cannot be kept in " + file + ": " + e.getMessage() + ".", e);
            }
            current = next;
        }
        return next;
    }
}
