// Two questions of whoever runs the process: is it alive, and can it store.

using Crm.Domain.Work;

namespace Crm.Api.Startup;

public static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("alive"));
        app.MapGet("/health/ready", async (Installation installation, IHostApplicationLifetime lifetime, CancellationToken cancel) =>
            !lifetime.ApplicationStopping.IsCancellationRequested && await installation.Store.IsReady(cancel)
                ? Results.Text("ready")
                : Results.Text("not ready: the store cannot take a commit", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
