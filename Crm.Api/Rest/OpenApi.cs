// The API's description: an OpenAPI 3.1 document made from the catalog, and Swagger UI to read it.

using Crm.Api.Startup;
using Crm.Domain.Work;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Crm.Api.Rest;

public static class OpenApi
{
    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(
                "v1",
                new()
                {
                    Title = "Crm",
                    Version = Telemetry.Version,
                    Description =
                        "A headless CRM for website lead capture. Times are RFC 3339 in UTC, ids are TypeIDs, errors are application/problem+json with a stable code.",
                }
            );
            // The routes are made from the catalog, and so is their description; nothing is found by reflection over handlers.
            swagger.DocInclusionPredicate((_, _) => false);
            swagger.DocumentFilter<CatalogDocument>();
        });
        builder.Services.AddSingleton<IDocumentFilter, CatalogDocument>(services => new(services.GetRequiredService<Installation>()));
    }

    /// <summary>On its own addresses only: these layers would otherwise stand in the way of every request.</summary>
    public static void Map(WebApplication app) =>
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments("/openapi") || http.Request.Path.StartsWithSegments("/swagger"),
            branch =>
            {
                branch.UseSwagger(swagger =>
                {
                    swagger.RouteTemplate = "openapi/{documentName}.json";
                    swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                    // The document is the same on every host, so that the committed copy can be compared; clients bring their own base
                    // address.
                    swagger.PreSerializeFilters.Add((document, _) => document.Servers = [new() { Url = "/" }]);
                });
                branch.Use(
                    (http, next) =>
                    {
                        // Swagger UI brings its own scripts and an inline one that starts it.
                        if (http.Request.Path.StartsWithSegments("/swagger"))
                            http.Response.Headers.ContentSecurityPolicy =
                                "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
                        return next(http);
                    }
                );
                branch.UseSwaggerUI(ui =>
                {
                    ui.RoutePrefix = "swagger";
                    ui.DocumentTitle = "Crm API";
                    ui.SwaggerEndpoint("/openapi/v1.json", "Crm v1");
                    // Hundreds of operations take a browser seconds to draw: a resource is opened when it is wanted.
                    ui.DocExpansion(Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None);
                    ui.DefaultModelsExpandDepth(0);
                });
            }
        );
}
