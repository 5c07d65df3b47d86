package org.understudy.agent.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.understudy.agent.verdict.DomainVerdict;

/** One URL per domain for any uptime monitor: 200 while the mail is safe, 503 otherwise. */
@Path("/health/domains")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
    private final Watches watches;

    public HealthResource(Watches watches) {
        this.watches = watches;
    }

    /** 200 for PROTECTED and AT_RISK; 503 for FAILOVER, RECOVERING, EXPOSED and UNKNOWN; 404 for a domain not watched. */
    @GET
    @Path("/{domain}")
    public Response health(@PathParam("domain") String domain) {
        DomainVerdict verdict = watches.find(domain).verdict();
        return Response.status(verdict.verdict().isHealthy() ? 200 : 503)
                .header("Cache-Control", "no-store")
                .entity(Map.of("domain", domain, "verdict", verdict.verdict(), "sentence", verdict.sentence()))
                .build();
    }
}
