package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.AgentConfiguration;

/** Gives orders to the running agent: nobody else may change its queue. Confined to one thread. */
final class AgentClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** An order for a million messages takes a while. */
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private static final int OK = 200;
    private static final int UNUSABLE = 2;

    private final URI agent;
    private final ObjectMapper mapper;

    private AgentClient(URI agent, ObjectMapper mapper) {
        this.agent = agent;
        this.mapper = mapper;
    }

    static void configure(Subparser parser) {
        parser.addArgument("--url").metavar("URL").help("where the agent answers, instead of the configured address");
    }

    /** Where the arguments say that it answers. */
    static Optional<URI> named(Namespace arguments) {
        return Optional.ofNullable(arguments.getString("url")).map(URI::create);
    }

    /** Where the configuration says that it answers. */
    static Optional<URI> configured(AgentConfiguration configuration) {
        List<ConnectorFactory> connectors = configuration.getServerFactory() instanceof DefaultServerFactory server
                ? server.getApplicationConnectors()
                : List.of();
        return connectors.stream()
                .filter(HttpConnectorFactory.class::isInstance)
                .map(HttpConnectorFactory.class::cast)
                .findFirst()
                .map(AgentClient::address);
    }

    private static URI address(HttpConnectorFactory connector) {
        String host = connector.getBindHost();
        boolean anywhere = host == null || host.equals("0.0.0.0") || host.equals("::");
        String scheme = connector instanceof HttpsConnectorFactory ? "https" : "http";
        return URI.create(scheme + "://" + (anywhere ? "127.0.0.1" : bracketed(host)) + ":" + connector.getPort());
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** @throws CommandEnded if it is not known where the agent answers */
    static AgentClient of(SpoolPlace place, ObjectMapper mapper) {
        return new AgentClient(
                place.agent()
                        .orElseThrow(() -> new CommandEnded(
                                UNUSABLE, "It is not known where the agent answers: name its address with --url.")),
                mapper);
    }

    /**
     * Posts an order.
     *
     * @throws CommandEnded if it is refused, or there is no answer
     */
    JsonNode post(String path, Object order) throws IOException {
        byte[] body = mapper.writeValueAsBytes(order);
        return send(
                path,
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /**
     * Asks for something.
     *
     * @throws CommandEnded if it is refused, or there is no answer
     */
    JsonNode get(String path) throws IOException {
        return send(path, HttpRequest.Builder::GET);
    }

    private JsonNode send(String path, UnaryOperator<HttpRequest.Builder> method) throws IOException {
        try {
            HttpRequest request = method.apply(
                            HttpRequest.newBuilder(agent.resolve(path)).timeout(ANSWER))
                    .build();
            HttpResponse<byte[]> response = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != OK) {
                throw new CommandEnded(UNUSABLE, refusal(response));
            }
            return mapper.readTree(response.body());
        } catch (IllegalArgumentException e) {
            throw new CommandEnded(UNUSABLE, "--url: " + agent + " is no address of an agent: " + e.getMessage() + ".");
        } catch (IOException e) {
            throw new CommandEnded(
                    UNUSABLE,
                    "The agent does not answer at " + agent + " ("
                            + e.getClass().getSimpleName()
                            + "): orders are carried out by it, so start it, or name its address with --url.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandEnded(UNUSABLE, "Interrupted: it is not known whether the order was carried out.");
        }
    }

    private String refusal(HttpResponse<byte[]> response) throws IOException {
        String type = response.headers().firstValue("Content-Type").orElse("");
        String detail = type.contains("json")
                ? mapper.readTree(response.body()).path("detail").asText("")
                : "";
        return detail.isEmpty() ? "The agent at " + agent + " answers " + response.statusCode() + "." : detail;
    }
}
