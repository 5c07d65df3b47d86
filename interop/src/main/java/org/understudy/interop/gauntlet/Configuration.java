package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the operator of all these domains would declare. Stateless. */
final class Configuration {
    private static final String HEAD = """
            agent:
              name: agent.@top@
              dataDirectory: @directory@/data
            dns:
              resolvers: ["@resolver@:53"]
              # All of this world, and who looks at it, share one machine.
              tryTimeout: 4s
              trustAnchorFile: @directory@/root.ds
            probes:
              sessions:
                sender: probe@agent.@top@
                relayTestRecipient: probe@elsewhere.@top@
                heloQuestions: true
                lineEndQuestions: true
                controlHosts: [mx1.plain.@top@]
            policy:
              caFile: @directory@/certificates/authority.pem
              blockLists: [bl.@top@]
            spool:
              enabled: false
            domains:
            """;

    private Configuration() {}

    static Path file(Path directory) {
        return directory.resolve("config.yml");
    }

    static Path trustAnchors(Path directory) {
        return directory.resolve("root.ds");
    }

    static void write(Path directory, World world, String trustAnchor) throws IOException {
        Files.writeString(trustAnchors(directory), trustAnchor + "\n");
        StringBuilder text = new StringBuilder(HEAD.replace("@top@", Places.TOP)
                .replace("@directory@", directory.toString())
                .replace("@resolver@", Places.RESOLVER));
        world.domains(any -> true)
                .forEach(domain -> domain(domain)
                        .forEach(line -> text.append("  ").append(line).append('\n')));
        Files.writeString(file(directory), text);
    }

    private static List<String> domain(Domain domain) {
        List<String> lines = new ArrayList<>();
        lines.add("- name: " + domain.name());
        if (!domain.declaredTiers().isEmpty()) {
            lines.add("  validRecipients: [user@" + domain.name() + "]");
            lines.add("  tiers:");
        }
        for (String tier : domain.declaredTiers()) {
            String mark = "- ";
            for (String exchanger : tier.split(", ", -1)) {
                String[] words = exchanger.split(" ", -1);
                String host = words[0].endsWith(".")
                        ? words[0].substring(0, words[0].length() - 1)
                        : words[0] + "." + domain.name();
                lines.add("    " + mark + "- { host: " + host + ", role: " + words[1] + " }");
                mark = "  ";
            }
        }
        domain.intent().forEach(key -> lines.add("  " + key));
        return lines;
    }
}
