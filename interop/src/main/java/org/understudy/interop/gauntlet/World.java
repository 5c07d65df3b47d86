package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** All domains with their numbers, and what is made of them in a directory: zones, certificates, the configuration of an agent. */
final class World {
    private final Path directory;
    private final Map<Domain, Integer> numbers = new LinkedHashMap<>();
    private final Certificates certificates;
    private final Zones zones;

    World(Path directory, List<Domain> domains) throws IOException {
        this.directory = directory;
        for (Domain domain : domains) {
            numbers.put(domain, numbers.size() + 1);
        }
        certificates = new Certificates(directory.resolve("certificates"));
        zones = new Zones(Files.createDirectories(directory.resolve("zones")), numbers, certificates);
        zones.write();
        Configuration.write(directory, this, zones.trustAnchor());
    }

    Path directory() {
        return directory;
    }

    Map<Domain, Integer> numbers() {
        return numbers;
    }

    List<Domain> domains(Predicate<Domain> which) {
        return numbers.keySet().stream().filter(which).toList();
    }

    Certificates certificates() {
        return certificates;
    }

    Zones zones() {
        return zones;
    }
}
