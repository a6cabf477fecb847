// The product's front door: what is started, and what every request passes through, in order.

using System.Diagnostics.Metrics;
using Crm.Api.Affiliates;
using Crm.Api.Backups;
using Crm.Api.Commands;
using Crm.Api.Consents;
using Crm.Api.Dub;
using Crm.Api.Forms;
using Crm.Api.GraphQL;
using Crm.Api.Http;
using Crm.Api.Links;
using Crm.Api.Mail;
using Crm.Api.Matomo;
using Crm.Api.Mcp;
using Crm.Api.Outbound;
using Crm.Api.Pages;
using Crm.Api.Reports;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Api.Spooling;
using Crm.Api.Startup;
using Crm.Api.Tracker;
using Crm.Api.Workers;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Mail;
using Crm.Domain.Reports;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api;

public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.Run(args, Serve);

    static async Task Serve(string[] settings)
    {
        await using var app = await Build(settings);
        await app.RunAsync();
    }

    /// <summary>The whole product as an application that is ready to run; tests bring a catalog of their own.</summary>
    public static async Task<WebApplication> Build(string[] args, Catalog? catalog = null)
    {
        // Settings are read once. Watching their folder for changes would also watch the database in it: an event for every commit.
        var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        var options = CrmOptions.From(builder.Configuration);
        var publicUrl = new PublicUrl(builder.Configuration["Crm:PublicUrl"]);
        var backups = BackupSchedule.From(
            builder.Configuration,
            Stores.EmbeddedFile(Stores.Connection(builder), builder.Environment.ContentRootPath),
            builder.Environment.ContentRootPath
        );
        Server.Configure(builder, options);
        Telemetry.Configure(builder);
        var installation = Stores.NotYetOpen(builder, catalog ?? CrmCatalog.Standard);
        installation.Configure(options.Limits.ProposedChanges);
        installation.Configure(options.Limits.Storage);
        var journal = Stores.Journal(builder);
        var spool = Spool.Open(builder.Configuration, installation, builder.Environment.ContentRootPath);
        var opening = await OpenLater.Begin(installation, spool); // a node with a spool takes posts also before its database is there
        if (opening.IsDone)
            await journal.Begin(installation, CancellationToken.None);
        installation.Configure(options.Retention);
        installation.Configure(new LinkDomainProofs { AreNeeded = options.LinkDomainProof, TextRecords = options.Dns.Texts });
        installation.Configure(new MailOptions { PublicUrl = publicUrl.Said });
        builder
            .Services.AddSingleton(installation)
            .AddSingleton(_ => installation.Store)
            .AddSingleton<SubmitForm>()
            .AddSingleton<FollowLink>()
            .AddSingleton<IngestEvents>()
            .AddSingleton<IngestPixel>()
            .AddSingleton(new CountUnstored(installation))
            .AddSingleton(services => new Spool(spool, installation, services.GetRequiredService<IMeterFactory>()))
            .AddSingleton(journal)
            .AddSingleton(options)
            .AddSingleton(publicUrl)
            .AddSingleton<DrawPng>()
            .AddSingleton<DrawnPictures>()
            .AddLimits(new(options.RateLimits, options.Limits));
        builder
            .Services.AddSingleton(options.Outbound)
            .AddSingleton(_ => new OutboundGuard(options.Outbound))
            .AddSingleton(services => new SendHttp(options.Outbound, services.GetRequiredService<OutboundGuard>(), installation.Clock))
            .AddSingleton<ISendDelivery, SendPostback>()
            .AddSingleton<ISendDelivery, SendWebhook>()
            .AddSingleton<GraphQLOperation>()
            .AddSingleton<LiveConnections>();
        builder
            .Services.AddSingleton(options.Dns)
            .AddSingleton<CheckSender>()
            .AddSingleton<MakeMail>()
            .AddSingleton(services => new SmtpConnections(installation, services.GetRequiredService<OutboundGuard>(), installation.Clock))
            .AddSingleton<ISendDelivery, SendMail>();
        // Background work: a line for each worker.
        builder
            .Services.AddSingleton<StoreOutage>()
            .AddSingleton(opening)
            .AddHostedService<OpenLater>()
            .AddHostedService<Housekeeping>()
            .AddHostedService<SettingsWatch>()
            .AddHostedService<SharedLimits>()
            .AddHostedService<Deliver>()
            .AddHostedService<Mailing>()
            .AddHostedService<Reclassifying>()
            .AddHostedService<Expiring>()
            .AddHostedService<Evicting>()
            .AddHostedService<Erasing>()
            .AddHostedService<AnsweringAccess>()
            .AddHostedService<ChainingConsents>()
            .AddHostedService<FollowingUp>()
            .AddHostedService<Replaying>()
            .AddHostedService<Draining>()
            .AddHostedService<WarmUp>()
            .AddSingleton(backups)
            .AddSingleton<BackupFailure>()
            .AddHostedService<BackingUp>()
            .AddHostedService(services => services.GetRequiredService<LiveConnections>());
        OpenApi.Configure(builder);
        McpEndpoint.Configure(builder);

        var app = builder.Build();
        app.Services.GetRequiredService<IStore>(); // made known to the container, which closes it when the application ends
        app.UseHealthDoor(); // a door of its own for whoever runs the process
        app.UseRequestLog(); // a line for each request, for whoever asks for Debug
        app.UseMiddleware<Problems>(); // whatever goes wrong below becomes application/problem+json
        app.UseMiddleware<SiteCors>(); // which pages may call the API from a browser, and read why it refuses
        app.UseMiddleware<RequestRules>(); // security headers out; header and address limits in
        app.UseMiddleware<ClientAddress>(); // who is really asking, when proxies are trusted
        app.UseRouting();
        app.UseWebSockets(SocketConnection.Options);
        app.UseMiddleware<LinkDomains>(); // what no route takes may be a link on a domain of links
        app.UseMiddleware<Access>(); // whose workspace: an API key's or a form key's
        app.UseLimits(); // how often, and how much of it is stored

        FormEndpoints.Map(app); // POST /f/{formKey}, GET /forms/{formKey}
        FollowLinkEndpoint.Map(app); // GET /l/{slug}
        TrackerEndpoints.Map(app); // /t.js, /t/events, /t/pixel.gif
        LinkEndpoints.Map(app); // what only links have: address and QR code
        ReportEndpoints.Map(app); // /v1/reports/{name}
        PictureAddress.Map(app); // /v1/reports/{name}/address, /r/{token}.png
        ReportsPage.Map(app); // /reports
        ConsentPage.Map(app); // /consents/{token}, for the person who gave it
        SharedReports.Map(app); // /reports/s/{token}, for whoever has the link
        Desk.Map(app); // /desk, a front end on the API
        Assets.Map(app); // what pages load
        FirstPage.Map(app); // /, /robots.txt, /favicon.ico
        ProblemPage.Map(app); // /problems/{code}
        ResourceEndpoints.Map(app, installation.Catalog); // /v1/{resources}
        LeadEndpoints.Map(app); // what only leads have: the upsert
        TimelineEndpoints.Map(app); // what happened to a lead or a customer
        AttributionEndpoint.Map(app); // what a conversion is owed to
        StorageEndpoint.Map(app); // how much of its budgets a workspace uses
        AccessFileEndpoint.Map(app); // what is stored about a person, as a file for them
        StatementEndpoint.Map(app); // what an affiliate is paid, as a file
        PostbackEndpoint.Map(app); // /postback/{affiliateKey}
        SenderEndpoints.Map(app); // /v1/senders/{id}/check
        UnsubscribePage.Map(app); // /u/{token}
        MailInEndpoint.Map(app); // /in/mail/{key}
        DubEndpoints.Map(app); // /track/lead, /track/sale, /track/click, /dub.js
        MatomoEndpoint.Map(app); // /matomo.php, /piwik.php
        GraphQLEndpoint.Map(app); // /graphql
        McpEndpoint.Map(app); // /mcp
        OpenApi.Map(app); // /openapi/v1.json, /swagger
        PublicKeys.Map(app); // /.well-known/jwks.json
        Health.Map(app); // /health/live, /health/ready

        await FirstStart.Run(app, installation, options);
        return app;
    }
}
