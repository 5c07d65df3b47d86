package org.understudy.agent.resources;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Errors of the API as RFC 9457 asks: {@code application/problem+json} with a title and what to do. */
final class Problem {
    private static final MediaType PROBLEM_JSON = new MediaType("application", "problem+json");

    private Problem() {}

    static WebApplicationException notFound(String detail) {
        return new WebApplicationException(Response.status(Response.Status.NOT_FOUND)
                .type(PROBLEM_JSON)
                .entity(Map.of("title", "Not found", "status", 404, "detail", detail))
                .build());
    }
}
