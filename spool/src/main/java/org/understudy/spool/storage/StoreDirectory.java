package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.understudy.spool.SpoolException;

/** The spool's directory: made, locked, and synced. */
final class StoreDirectory implements AutoCloseable {
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path root;
    private final @Nullable FileChannel lockFile;

    private StoreDirectory(Path root, @Nullable FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** @throws SpoolException if the directory cannot be used, or another process uses it */
    static StoreDirectory open(Path root) {
        try {
            make(root);
            make(root.resolve("segments"));
            make(root.resolve("large"));
            make(root.resolve("corrupt"));
            FileChannel channel = FileChannel.open(
                    root.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE_FILE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new SpoolException("The spool directory " + root
                        + " is in use by another process: stop it, or give this one a directory of its own.");
            }
            sync(root);
            return new StoreDirectory(root, channel);
        } catch (IOException e) {
            throw new SpoolException(
                    "The spool directory " + root + " cannot be used (" + describe(e)
                            + "): give it to the user that runs the agent, or set spool.directory to another.",
                    e);
        }
    }

    /**
     * The directory for those who only look: nothing is made, and it is not locked.
     *
     * @throws SpoolException if there is no spool
     */
    static StoreDirectory look(Path root) {
        StoreDirectory directory = new StoreDirectory(root, null);
        if (!Files.isDirectory(root)) {
            throw new SpoolException("The spool directory " + root
                    + " does not exist: name another, or start the agent once, which makes it.");
        }
        if (!Files.isDirectory(directory.segments()) || !Files.isDirectory(directory.large())) {
            throw new SpoolException("The directory " + root
                    + " is not a spool: name the one that holds segments and index.db (spool.directory).");
        }
        for (Path part : new Path[] {root, directory.segments(), directory.large()}) {
            if (!Files.isReadable(part) || !Files.isExecutable(part)) {
                throw new SpoolException("The spool directory " + part
                        + " cannot be read: run the command as the user that runs the agent.");
            }
        }
        return directory;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                make(parent);
            }
            Files.createDirectories(directory, PRIVATE_DIRECTORY);
            // All that is synced below is worth nothing if the name of the directory itself is not on the disk.
            if (parent != null) {
                sync(parent);
            }
        }
        if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
            throw new IOException(directory + " is not readable and writable");
        }
    }

    /** In words for a person who knows files and not Java. */
    private static String describe(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        if (e instanceof FileAlreadyExistsException) {
            return "not a directory: " + e.getMessage();
        }
        return String.valueOf(e.getMessage());
    }

    Path root() {
        return root;
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path index() {
        return root.resolve("index.db");
    }

    Path segments() {
        return root.resolve("segments");
    }

    Path large() {
        return root.resolve("large");
    }

    Path corrupt() {
        return root.resolve("corrupt");
    }

    /** Bytes that may still be written. */
    long usableBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    /** Makes names in a directory durable; a file's own sync does not. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        if (lockFile == null) {
            return;
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new SpoolException("The lock of " + root + " cannot be released: " + e.getMessage(), e);
        }
    }
}
