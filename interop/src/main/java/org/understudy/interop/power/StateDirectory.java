package org.understudy.interop.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** States of the modelled disk as real files. Stateless. */
final class StateDirectory {

    private StateDirectory() {}

    /** Writes a state into a directory that is not there yet. */
    static void write(Path directory, SortedMap<String, @Nullable Image> state) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, @Nullable Image> entry : state.entrySet()) {
            Path path = directory.resolve(entry.getKey());
            Image image = entry.getValue();
            if (image == null) {
                Files.createDirectory(path);
            } else {
                try (FileChannel channel =
                        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    ByteBuffer octets = image.octets().duplicate();
                    while (octets.hasRemaining()) {
                        channel.write(octets);
                    }
                }
            }
        }
    }

    /** Deletes a directory with all that is in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> below = Files.walk(directory)) {
                for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Copies a directory with all that is in it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> below = Files.walk(from)) {
            for (Path path : below.sorted().toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    /** Sentences about what differs between a state and real files; SQLite's shared memory may. */
    static List<String> differences(SortedMap<String, @Nullable Image> state, Path directory) throws IOException {
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(state.keySet());
        try (Stream<Path> below = Files.walk(directory)) {
            below.filter(path -> !path.equals(directory))
                    .forEach(path -> names.add(directory.relativize(path).toString()));
        }
        for (String name : names) {
            Path path = directory.resolve(name);
            Image image = state.get(name);
            if (!state.containsKey(name) || !Files.exists(path)) {
                differences.add(name + " is " + (Files.exists(path) ? "not in the model" : "only in the model"));
            } else if (image != null && !name.endsWith("-shm")) {
                int at = ByteBuffer.wrap(Files.readAllBytes(path)).mismatch(image.octets());
                if (at >= 0) {
                    differences.add(name + " differs at " + at);
                }
            }
        }
        return differences;
    }
}
