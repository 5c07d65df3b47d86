package org.understudy.interop.gauntlet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What zonemaster-cli says of a domain, at WARNING and above. Stateless apart from where the root is. */
final class Zonemaster {
    private static final Set<String> ALARMS = Set.of("WARNING", "ERROR", "CRITICAL");

    private final World world;

    Zonemaster(World world) {
        this.world = world;
    }

    /** Tags of its complaints. */
    Set<String> complaints(Domain domain) throws IOException {
        Path directory = world.directory();
        String output = Commands.run(
                directory,
                "zonemaster-cli",
                "--hints",
                directory.resolve("root.hints").toString(),
                "--json",
                "--no-progress",
                "--level",
                "WARNING",
                domain.name());
        Set<String> tags = new TreeSet<>();
        JsonNode results = new ObjectMapper().readTree(output.substring(Math.max(output.indexOf('['), 0)));
        for (JsonNode result : results) {
            if (ALARMS.contains(result.path("level").asText())) {
                tags.add(result.path("tag").asText());
            }
        }
        return tags;
    }
}
