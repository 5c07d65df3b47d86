package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.understudy.spool.SpoolFinding;

/** Looks at files and directories of a spool from outside. Confined to one thread. */
final class DirectoryExamination {
    private static final Set<PosixFilePermission> PRIVATE_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

    private final StoreDirectory directory;
    private final Consumer<SpoolFinding> findings;

    DirectoryExamination(StoreDirectory directory, Consumer<SpoolFinding> findings) {
        this.directory = directory;
        this.findings = findings;
    }

    /** Reports what others than the owner may read, and what the owner may not. */
    void permissions() throws IOException {
        for (Path part : List.of(directory.root(), directory.segments(), directory.large(), directory.corrupt())) {
            if (!Files.isDirectory(part)) {
                continue;
            }
            requirePermissions(part, PRIVATE_DIRECTORY);
            try (Stream<Path> files = Files.list(part)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (Files.isRegularFile(file)) {
                        requirePermissions(file, PRIVATE_FILE);
                    }
                }
            }
        }
    }

    private void requirePermissions(Path path, Set<PosixFilePermission> wanted) throws IOException {
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(path);
            if (!found.equals(wanted)) {
                findings.accept(SpoolFinding.warning(
                        name(path),
                        "its permissions are " + PosixFilePermissions.toString(found) + " and should be "
                                + PosixFilePermissions.toString(wanted),
                        "chmod " + (wanted.equals(PRIVATE_DIRECTORY) ? "700 " : "600 ") + path));
            }
        } catch (NoSuchFileException e) {
            // Settled and deleted meanwhile.
            return;
        }
    }

    /** How a file is called in findings: from the spool's directory on. */
    private String name(Path path) {
        return path.equals(directory.root())
                ? path.toString()
                : directory.root().relativize(path).toString();
    }

    /** Reports what was set aside because it could not be read. */
    void leftovers() throws IOException {
        if (!Files.isDirectory(directory.corrupt())) {
            return;
        }
        try (Stream<Path> files = Files.list(directory.corrupt())) {
            List<Path> left = files.toList();
            long bytes = left.stream().mapToLong(f -> f.toFile().length()).sum();
            if (!left.isEmpty()) {
                findings.accept(SpoolFinding.warning(
                        "corrupt/",
                        "what could not be read was set aside here: " + left.size() + " files, " + bytes + " octets",
                        "Look at it, save what is of use, then delete it."));
            }
        }
    }
}
