package org.understudy.interop.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** On what a call is made and by whom. */
enum Target {
    SEGMENT,
    SEGMENTS_DIRECTORY,
    INDEX,
    INDEX_LOG,
    INDEX_MEMORY,
    /** Whatever the reception touches below the spool's directory; its name is not known before. */
    LARGE_MESSAGE,
    CLEANING;

    /** So many segments may be begun while a fault lasts. */
    private static final int SEGMENTS_AHEAD = 12;
    /** The kernel keeps so much of a thread's name. */
    private static final int NAME_LENGTH = 15;

    /** How the names of the threads begin that make the calls. */
    private List<String> threadNames() {
        return switch (this) {
            case SEGMENT, SEGMENTS_DIRECTORY, INDEX, INDEX_LOG, INDEX_MEMORY -> List.of("spool-committer");
            case LARGE_MESSAGE -> List.of("smtp-worker-", "smtp-sessions-");
            case CLEANING -> List.of("spool-cleaner");
        };
    }

    /** True if nothing else that the threads do can be hit. */
    boolean isExact() {
        return this != LARGE_MESSAGE;
    }

    /** True if all that is stored goes through the threads that make these calls. */
    boolean isOfCommits() {
        return this != LARGE_MESSAGE && this != CLEANING;
    }

    String by() {
        return String.join(" or ", threadNames());
    }

    /** True if it takes much mail for many recipients before it is touched at all. */
    boolean isReachedByBulk() {
        return this == INDEX || this == INDEX_MEMORY;
    }

    /** The threads of a process that make the calls, by the kernel's numbers. */
    List<Long> threads(long process) throws IOException {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
            for (Path task : tasks.toList()) {
                if (isOurs(task)) {
                    found.add(Long.valueOf(task.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private boolean isOurs(Path task) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            return threadNames().stream().anyMatch(thread -> name.startsWith(cut(thread)));
        } catch (NoSuchFileException e) {
            // Ended since the list was made.
            return false;
        }
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(name.length(), NAME_LENGTH));
    }

    /** The paths on which calls count; empty if they are told by their place in a sequence that is always the same. */
    List<Path> paths(Path directory) throws IOException {
        return switch (this) {
            case SEGMENT -> segmentsToCome(directory.resolve("segments"));
            case CLEANING -> touchedByCleaning(directory);
            case SEGMENTS_DIRECTORY -> List.of(directory.resolve("segments"));
            case INDEX -> List.of(directory.resolve("index.db"));
            case INDEX_LOG -> List.of(directory.resolve("index.db-wal"));
            case INDEX_MEMORY -> List.of(directory.resolve("index.db-shm"));
            case LARGE_MESSAGE -> List.of();
        };
    }

    private static List<Path> touchedByCleaning(Path directory) throws IOException {
        Path segments = directory.resolve("segments");
        List<Path> paths = new ArrayList<>(List.of(segments, directory.resolve("large")));
        try (Stream<Path> files = Files.list(segments)) {
            paths.addAll(files.toList());
        }
        paths.addAll(segmentsToCome(segments));
        return paths;
    }

    private static List<Path> segmentsToCome(Path directory) throws IOException {
        long last = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                last = Math.max(
                        last, Long.parseLong(file.getFileName().toString().replace(".seg", "")));
            }
        }
        List<Path> paths = new ArrayList<>();
        for (long number = last + 1; number <= last + SEGMENTS_AHEAD; number++) {
            paths.add(directory.resolve(String.format("%012d.seg", number)));
        }
        return paths;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
