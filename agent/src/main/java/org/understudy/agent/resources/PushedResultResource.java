package org.understudy.agent.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.vantage.Vantages;

/** What is seen from other places. */
@Path("/api/v1/probes")
@Produces(MediaType.APPLICATION_JSON)
public final class PushedResultResource {
    private static final int LARGEST = 256 * 1024;
    private static final String BEARER = "Bearer ";

    private final Vantages vantages;

    public PushedResultResource(Vantages vantages) {
        this.vantages = vantages;
    }

    /** Takes a result: 202 when it is kept and whom it concerns are told, as of any other probe. */
    @POST
    @Path("/{id: vantage/[^/]+/[^/]+}/results")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response take(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            InputStream body)
            throws IOException {
        byte[] json = body.readNBytes(LARGEST + 1);
        if (json.length > LARGEST) {
            throw Problem.badRequest("A result of more than " + LARGEST + " octets is too large.");
        }
        // RFC 6750 section 2.1
        String token = authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length()).strip()
                : "";
        try {
            return switch (vantages.take(id, token, json)) {
                case TAKEN -> Response.accepted(Map.of("probe", id)).build();
                case UNPROVEN ->
                    throw Problem.unauthorized("Send the token of the vantage as \"Authorization: Bearer TOKEN\", for a"
                            + " probe vantage/DOMAIN/NAME that the configuration has.");
            };
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
