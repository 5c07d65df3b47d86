package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Two Postfix: one is the primary of every domain that is served by real servers, the other the backup. */
final class PostfixHosts implements AutoCloseable {
    private static final String OPEN = "postfix-open";
    private static final String LENIENT = "postfix-lenient";
    private static final List<String> USERS = List.of("user", "postmaster", "abuse");
    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = @work@/queue
            data_directory = @work@/data
            maillog_file = @work@/maillog
            maillog_file_prefixes = /tmp, /dev/shm
            myhostname = @name@
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 192.0.2.255/32
            alias_maps =
            alias_database =
            recipient_delimiter = +
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_client_connection_count_limit = 0
            smtpd_peername_lookup = no
            smtpd_tls_security_level = may
            smtpd_forbid_bare_newline = normalize
            virtual_transport = discard
            relay_transport = discard
            """;
    private static final String SERVICES = """
            cleanup   unix n - n - 0 cleanup
            qmgr      unix n - n 300 1 qmgr
            rewrite   unix - - n - - trivial-rewrite
            bounce    unix - - n - 0 bounce
            defer     unix - - n - 0 bounce
            trace     unix - - n - 0 bounce
            flush     unix n - n 1000? 0 flush
            verify    unix - - n - 1 verify
            proxymap  unix - - n - - proxymap
            error     unix - - n - - error
            retry     unix - - n - - error
            discard   unix - - n - - discard
            tlsmgr    unix - - n 1000? 1 tlsmgr
            anvil     unix - - n - 1 anvil
            postlog   unix-dgram n - n - 1 postlogd
            """;

    private final World world;
    private final Map<Domain, Integer> domains;

    PostfixHosts(World world) {
        this.world = world;
        this.domains = world.numbers().entrySet().stream()
                .filter(e -> e.getKey().isReal())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Path directory(String role) {
        return world.directory().resolve("postfix-" + role);
    }

    void start() throws IOException {
        if (!domains.isEmpty()) {
            String names = domains.keySet().stream().map(Domain::name).collect(Collectors.joining(" "));
            start("primary", "mx1", "virtual_mailbox_domains = " + names + "\nvirtual_mailbox_maps = " + users(false));
            start("backup", "mx2", "relay_domains = " + names + "\nrelay_recipient_maps = " + users(true));
        }
    }

    /** @param openly whether one domain is without a list of its recipients */
    private String users(boolean openly) {
        return domains.keySet().stream()
                .flatMap(domain -> openly && domain.label().equals(OPEN)
                        ? List.of("@" + domain.name()).stream()
                        : USERS.stream().map(user -> user + "@" + domain.name()))
                .map(address -> "{ " + address + " = x }")
                .collect(Collectors.joining(" ", "inline:{ ", " }"));
    }

    private void start(String role, String host, String lists) throws IOException {
        Path work = Files.createDirectories(directory(role));
        Files.createDirectories(work.resolve("queue"));
        Path data = Files.createDirectories(work.resolve("data"));
        Commands.run(work, "chown", "postfix", data.toString());
        String main = MAIN.replace("@work@", work.toString()).replace("@name@", host + ".postfix." + Places.TOP);
        Files.writeString(work.resolve("main.cf"), main + lists + "\n");
        StringBuilder services = new StringBuilder();
        for (Map.Entry<Domain, Integer> entry : domains.entrySet()) {
            services.append(service(entry.getKey(), host, entry.getValue()));
        }
        Files.writeString(work.resolve("master.cf"), services + SERVICES);
        Commands.run(work, "postfix", "-c", work.toString(), "start");
    }

    private String service(Domain domain, String host, int number) throws IOException {
        String address =
                Places.fill(domain.hosts().getOrDefault(host, List.of()).get(0), number);
        Commands.run(world.directory(), "ip", "address", "replace", address + "/32", "dev", "lo");
        boolean lenient = domain.label().equals(LENIENT) && host.equals("mx1");
        Certificates certificates = world.certificates();
        return address + ":25 inet n - n - - smtpd -o myhostname=" + host + "." + domain.name()
                + " -o smtpd_tls_cert_file=" + certificates.certificate(CertificateKind.GOOD, domain)
                + " -o smtpd_tls_key_file=" + certificates.key(CertificateKind.GOOD, domain)
                + (lenient ? " -o smtpd_forbid_bare_newline=no" : "") + "\n";
    }

    @Override
    public void close() throws IOException {
        for (String role : List.of("primary", "backup")) {
            if (Files.exists(directory(role).resolve("main.cf"))) {
                Commands.run(world.directory(), "postfix", "-c", directory(role).toString(), "stop");
            }
        }
    }
}
