// Timelines: everything that happened to a lead or to a customer, from the first click on.

using Crm.Api.Security;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

public static class TimelineEndpoints
{
    /// <summary>Browsers of one lead whose touches are on his timeline: the latest.</summary>
    const int MostVisitors = 50;

    public static void Map(WebApplication app)
    {
        var catalog = app.Services.GetRequiredService<Installation>().Catalog;
        var (leads, customers) = (catalog.For(ResourceType.Of<Lead>()), catalog.For(ResourceType.Of<Customer>()));
        app.MapMethods("/v1/leads/{id}/timeline", ["GET", "HEAD"], http => OfLead(http, leads))
            .With(leads, "timeline", "read")
            .WithMetadata(Acceptable.JsonOrCsv);
        app.MapMethods("/v1/customers/{id}/timeline", ["GET", "HEAD"], http => OfCustomer(http, customers))
            .With(customers, "timeline", "read")
            .WithMetadata(Acceptable.JsonOrCsv);
    }

    /// <summary>Everything that happened to a lead and to the leads that were merged into it, newest first; filters and pages as any
    /// list.</summary>
    static async Task OfLead(HttpContext http, CatalogEntry leads)
    {
        var work = Caller.Of(http).Work();
        var lead = (Lead)await SaveRecord.Target(work, leads, http.Request.RouteValues["id"] as string, http.RequestAborted);
        await Answer(http, await Subjects(work, lead, http.RequestAborted), leads.Type);
    }

    /// <summary>The customer's own story after that of the lead it was.</summary>
    static async Task OfCustomer(HttpContext http, CatalogEntry customers)
    {
        var work = Caller.Of(http).Work();
        var customer = (Customer)await SaveRecord.Target(work, customers, http.Request.RouteValues["id"] as string, http.RequestAborted);
        var leads = ResourceType.Of<Lead>();
        var lead = customer.Lead is { } id ? (Lead?)await work.FindShown(leads, id, http.RequestAborted) : null;
        await Answer(
            http,
            [customers.Type.Text(customer.Id), .. lead is null ? [] : await Subjects(work, lead, http.RequestAborted)],
            customers.Type,
            leads
        );
    }

    /// <summary>The lead, those merged into it, and the browsers they came with.</summary>
    static async Task<List<string>> Subjects(UnitOfWork work, Lead lead, CancellationToken cancel)
    {
        var subjects = lead.MergedFrom.Prepend(lead.Id).Select(ResourceType.Of<Lead>().Text).ToList();
        var own = new Filter.In("lead", [.. subjects.Select(id => Key.Of(id))]);
        using var visitors = await work.Store.Query(new(ResourceType.Of<Visitor>().Collection, own, [], true, null, MostVisitors), cancel);
        for (var i = 0; i < visitors.Count; i++)
            subjects.Add(visitors[i].Id.Text<Visitor>());
        return subjects;
    }

    /// <param name="types">What the timeline is of; the caller was shown these records.</param>
    static async Task Answer(HttpContext http, IEnumerable<string> ids, params IReadOnlyList<ResourceType> types)
    {
        var events = http.RequestServices.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Event>());
        var subjects = ids.Select(id => Key.Of(id)).ToList();
        await ResourceEndpoints.List(
            http,
            events,
            subjects.Count == 1 ? new Filter.Compare("subject", Comparison.Eq, subjects[0]) : new Filter.In("subject", subjects),
            subjects[0].Text,
            Caller.Of(http).TimelineRights(types)
        );
    }
}
