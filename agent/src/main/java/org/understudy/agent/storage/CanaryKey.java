package org.understudy.agent.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.understudy.agent.cli.StartupException;
import org.understudy.agent.config.FileTrouble;

/** The key that signs canaries: made once, kept in the data directory with mode 0600. Stateless. */
public final class CanaryKey {
    private static final int KEY_BYTES = 32;

    private CanaryKey() {}

    /**
     * The key, made if there is none yet.
     *
     * @throws StartupException if it cannot be read or written
     */
    public static byte[] open(Path directory) {
        Path file = directory.resolve("canary.key");
        try {
            if (!Files.exists(file)) {
                byte[] fresh = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(fresh);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.write(file, fresh);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY_BYTES) {
                throw new StartupException(
                        "The canary key " + file + " is damaged: delete it to have a new one made.", null);
            }
            return key;
        } catch (IOException e) {
            throw new StartupException(
                    "The canary key " + file + " cannot be read or made (" + FileTrouble.describe(e)
                            + "): give it to the user that runs the agent.",
                    e);
        }
    }
}
