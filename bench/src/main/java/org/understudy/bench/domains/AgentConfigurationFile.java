package org.understudy.bench.domains;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a configuration with every domain of a world and, but for the number of threads, the intervals as shipped. Stateless. */
final class AgentConfigurationFile {

    private AgentConfigurationFile() {}

    static void write(Path file, World world, Ports ports, int threads) throws IOException {
        StringBuilder yaml = new StringBuilder("""
                agent:
                  name: agent.bench.test
                  dataDirectory: %s
                  minimumFreeBytes: 1000000
                dns:
                  resolvers: ["%s:%d"]
                  authoritativePort: %d
                  publicNetworks: ["127.0.0.0/8"]
                  independentNetworks: ["127.0.0.0/8"]
                probes:
                  threads: %d
                policy:
                  caFile: %s
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                  requestLog: {appenders: []}
                logging:
                  level: WARN
                  loggers:
                    org.understudy: INFO
                domains:
                """.formatted(
                        file.resolveSibling("data"),
                        NameServers.RESOLVER,
                        ports.dns(),
                        ports.dns(),
                        threads,
                        file.resolveSibling("authority.pem"),
                        ports.http(),
                        ports.admin()));
        for (int domain = 0; domain < world.domains(); domain++) {
            yaml.append("""
                      - name: %1$s
                        validRecipients: [user@%1$s]
                        tiers:
                          - [{host: %2$s, role: primary, port: %4$d}]
                          - [{host: %3$s, role: backup, port: %4$d}]
                    """.formatted(
                    world.domain(domain), world.exchanger(1, domain), world.exchanger(2, domain), ports.smtp()));
        }
        Files.writeString(file, yaml);
    }
}
