package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.understudy.interop.Waiting;

/** The name servers, each a BIND of its own, and a validating resolver. */
final class NameServers implements AutoCloseable {
    private static final String OPTIONS = """
            options {
              directory "@directory@";
              pid-file "@directory@/pid";
              session-keyfile "@directory@/session.key";
              listen-on port 53 { @addresses@ };
              listen-on-v6 { none; };
              allow-transfer { none; };
              recursion @recursion@;
              notify no;
              dnssec-validation @validation@;
              minimal-responses no-auth-recursive;
            };
            controls { };
            """;

    private static final int PORT = 53;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final World world;
    private final Path directory;
    private final List<Process> processes = new ArrayList<>();
    /** Takes questions and connections, and never reads them. */
    private final DatagramSocket silentUdp;

    private final ServerSocket silentTcp;

    NameServers(World world) throws IOException {
        this.world = world;
        this.directory = world.directory().resolve("named");
        InetSocketAddress address = new InetSocketAddress(Places.SILENT, PORT);
        silentUdp = new DatagramSocket(address);
        silentTcp = new ServerSocket(PORT, 1, address.getAddress());
    }

    void start() throws IOException {
        serve(Zones.ROOT, List.of(Places.ROOT));
        serve(Zones.REGISTRY, List.of(Places.REGISTRY));
        for (int i = 0; i < Zones.HOSTERS.length; i++) {
            serve(Zones.HOSTERS[i], addresses(i));
        }
        resolve();
    }

    /** Waits until every server answers, the resolver through all the others. */
    void await() throws IOException {
        boolean ready = Waiting.until(LIMIT, () -> {
            try {
                return Commands.run(
                                directory,
                                "dig",
                                "@" + Places.RESOLVER,
                                "+short",
                                "+time=1",
                                "plain." + Places.TOP,
                                "MX")
                        .contains("mx1");
            } catch (IOException e) {
                return false;
            }
        });
        if (!ready) {
            throw new IOException("the name servers do not answer; their logs are in " + directory);
        }
    }

    /** The hoster's own, and those by which domains call it. */
    private List<String> addresses(int server) {
        List<String> addresses = new ArrayList<>(List.of(Places.HOSTER[server]));
        world.numbers().forEach((domain, number) -> {
            List<String> served = domain.delegation().served();
            if (!served.isEmpty()) {
                addresses.add(Places.fill(served.get(server), number));
            }
        });
        return addresses;
    }

    private void serve(String name, List<String> addresses) throws IOException {
        StringBuilder zones = new StringBuilder();
        for (Map.Entry<String, Path> zone : world.zones().files(name).entrySet()) {
            zones.append("zone \"")
                    .append(zone.getKey().isEmpty() ? "." : zone.getKey())
                    .append("\" { type primary; check-names ignore; check-mx ignore; check-integrity no; file \"")
                    .append(zone.getValue())
                    .append("\"; };\n");
        }
        start(name, addresses, "no", "no", zones.toString());
    }

    private void resolve() throws IOException {
        StringBuilder hints = new StringBuilder();
        for (int i = 0; i < Places.ROOT.length; i++) {
            hints.append(". 3600 NS ns").append(i + 1).append(".root-servers.\n");
            hints.append("ns")
                    .append(i + 1)
                    .append(".root-servers. 3600 A ")
                    .append(Places.ROOT[i])
                    .append('\n');
        }
        Path file = Files.writeString(world.directory().resolve("root.hints"), hints);
        String[] ds = world.zones().trustAnchor().split("\\s+", 7);
        String anchor = "trust-anchors { . static-ds " + ds[3] + " " + ds[4] + " " + ds[5] + " \""
                + ds[6].replace(" ", "") + "\"; };\n";
        start(
                "resolver",
                List.of(Places.RESOLVER),
                "yes",
                "yes",
                anchor + "zone \".\" { type hint; file \"" + file + "\"; };\n");
    }

    private void start(String name, List<String> addresses, String recursion, String validation, String zones)
            throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        for (String address : addresses) {
            Commands.run(home, "ip", "address", "replace", address + "/32", "dev", "lo");
        }
        String options = OPTIONS.replace("@directory@", home.toString())
                .replace("@addresses@", String.join("; ", addresses) + ";")
                .replace("@recursion@", recursion)
                .replace("@validation@", validation);
        Path configuration = Files.writeString(home.resolve("named.conf"), options + zones);
        processes.add(
                Commands.start(home.resolve("log"), List.of("named", "-g", "-n", "1", "-c", configuration.toString())));
    }

    @Override
    public void close() throws IOException {
        silentUdp.close();
        silentTcp.close();
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            Commands.join(process);
        }
    }
}
