// A lead becomes a customer: by hand or by a sale, in one commit, exactly once.

using Crm.Domain.Conversions;
using Crm.Domain.Customers;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public sealed record NewCustomer
{
    [Field("A person, or an organisation whose contact the person is.")]
    public CustomerKind Kind { get; init; }

    [Field("What was bought, as for POST /v1/purchases without the customer. An order that is known already is not bought twice.")]
    public JsonData? Purchase { get; init; }
}

public static class ConvertLead
{
    public static readonly ResourceAction Convert = ResourceAction.On<Lead, NewCustomer>(
        "convert",
        "Makes the lead a customer, once: a lead that is one already stays the same customer. With a purchase, that too.",
        async (work, lead, input, cancel) =>
        {
            var (customer, known) = await Find(work, lead, cancel);
            if (customer is null && known.Count > 0)
                throw new ProblemException(
                    ProblemCodes.AlreadyExists,
                    $"The lead's e-mail addresses belong to {string.Join(", ", known.Select(k => k.Text<Customer>()))}. Settle whose they are first."
                );
            (var customerId, lead) = await Join(work, lead, customer, input.Kind, cancel);
            if (input.Purchase is { } data)
            {
                using var body = data.Parse();
                var purchases = work.Installation.Catalog.For(ResourceType.Of<Purchase>());
                if (await BoughtAs(work, OrderIn(body.RootElement), cancel) is { } earlier)
                {
                    if (earlier.Customer != customerId)
                        throw new ProblemException(
                            ProblemCodes.AlreadyExists,
                            "purchase.orderId: This order is another customer's purchase.",
                            [new("purchase.orderId", "taken", "This order is another customer's purchase.")]
                        );
                }
                else
                    try
                    {
                        await SaveRecord.Create(work, purchases, body.RootElement, cancel, record =>
                            (Purchase)record with
                            {
                                Customer = customerId,
                            }
                        );
                    }
                    catch (ProblemException problem) when (problem.Errors.Count > 0)
                    {
                        throw new ProblemException(
                            problem.Code,
                            problem.Detail,
                            [.. problem.Errors.Select(e => e with { Field = "purchase." + e.Field })]
                        );
                    }
            }
            return new(lead);
        },
        Effect.Ordinary
    );

    /// <summary>A sale to a known lead: the lead is a customer from now on, and the order a purchase. When it is unclear which customer,
    /// the sale stands without one and the lead's timeline says so.</summary>
    /// <param name="sale">With its id; the lead is one of this workspace.</param>
    /// <param name="instead">The one whose place it takes; what followed from that was bought by this sale's lead, and for its
    /// price.</param>
    public static async ValueTask<Conversion> Sold(UnitOfWork work, Conversion sale, Conversion? instead, CancellationToken cancel)
    {
        if (await work.Find<Lead>(sale.Lead!.Value, cancel) is not { } lead)
            return sale;
        var (customer, known) = await Find(work, lead, cancel);
        if (customer is null && known.Count > 0)
        {
            work.RecordEvent(
                "lead.customerUnclear",
                sale.Lead.Value.Text<Lead>(),
                writer =>
                {
                    writer.WriteStartArray("customers");
                    foreach (var one in known)
                        writer.WriteStringValue(one.Text<Customer>());
                    writer.WriteEndArray();
                },
                sale.Id.Text<Conversion>()
            );
            return sale;
        }
        (var customerId, _) = await Join(work, lead, customer, CustomerKind.Person, cancel);
        // A repeated sale is refused by its own order number; one whose purchase was entered by hand before leaves that as it is.
        var bought = await BoughtAs(work, sale.OrderId, cancel);
        var isTaken = bought is not null && await IsAnothers(work, bought, sale, instead, customerId, cancel);
        if (bought is not null && !isTaken && instead is not null && bought.Conversion == instead.Id)
            work.Replace(
                bought,
                bought with
                {
                    Customer = customerId,
                    // What a page said it was is no word of the shop's: it is known when the shop says it.
                    Total = sale.Value,
                    Adjustment = null,
                    Conversion = sale.Id,
                },
                "updated",
                null,
                customerId.Text<Customer>()
            );
        else if (bought is null || isTaken)
            work.Insert(
                PreparePurchase.RecordEvent(
                    work,
                    new()
                    {
                        Customer = customerId,
                        OrderId = isTaken ? null : sale.OrderId,
                        PurchasedAt = work.Now,
                        Total = sale.Value,
                        Conversion = sale.Id,
                    }
                )
            );
        return sale with { Customer = customerId };
    }

    /// <summary>Networks number orders each for themselves: a purchase of the same number may be another one, which keeps the
    /// number.</summary>
    static async ValueTask<bool> IsAnothers(
        UnitOfWork work,
        Purchase bought,
        Conversion sale,
        Conversion? instead,
        Id customer,
        CancellationToken cancel
    ) =>
        bought.Conversion is { } id
            ? id != instead?.Id && (sale.ReportedBy ?? (await work.Find<Conversion>(id, cancel))?.ReportedBy) is not null
            : sale.ReportedBy is not null && bought.Customer != customer;

    /// <summary>
    /// The customer that the lead is, or that was entered by hand and is the same person; otherwise those whose its addresses are. A phone
    /// number alone never makes it unclear: then the lead becomes a customer of its own.
    /// </summary>
    static async ValueTask<(Customer? Customer, IReadOnlyList<Id> Known)> Find(UnitOfWork work, Lead lead, CancellationToken cancel)
    {
        if (lead.Customer is { } own && await work.Find<Customer>(own, cancel) is { } customer)
            return (customer, []);
        switch (await WhoIsWho.Find<Customer>(work, SaidOfPerson.By(lead), cancel))
        {
            case Whose.OfTwo two:
                return (null, two.Owners);
            case Whose.Theirs { Id: var id } when await work.Find<Customer>(id, cancel) is { } one:
                if (one.Lead is null || one.Lead == lead.Id)
                    return (one, []);
                return one.Emails.Any(e => lead.Emails.Any(o => EmailAddress.Canonical(o.Address!) == EmailAddress.Canonical(e.Address!)))
                    ? (null, [id])
                    : (null, []);
            default:
                return (null, []);
        }
    }

    /// <summary>Makes or completes the customer and marks the lead; the lead's version sees to it that two at once do not make
    /// two.</summary>
    static async ValueTask<(Id Customer, Lead Lead)> Join(
        UnitOfWork work,
        Lead lead,
        Customer? customer,
        CustomerKind kind,
        CancellationToken cancel
    )
    {
        if (customer is not null && lead.Customer == customer.Id && lead.Status == LeadStatus.Converted)
            return (customer.Id, lead);
        var id = customer?.Id ?? work.NextId();
        var (leadText, customerText) = (lead.Id.Text<Lead>(), id.Text<Customer>());
        if (customer is null)
            // Which numbers are shared among customers is another question than among leads.
            work.Insert(
                await SharedNumbers.Marked(work, CustomerOf(lead, kind, work) with { Id = id }, null, cancel),
                "created",
                writer => writer.WriteString("lead", leadText),
                leadText
            );
        else if (customer.Lead is null)
            work.Replace(
                customer,
                customer with
                {
                    Lead = lead.Id,
                    Consent = lead.Consent,
                    Source = lead.Source,
                    FirstTouch = lead.FirstTouch,
                    LastTouch = lead.LastTouch,
                    Provenance = lead.Provenance,
                },
                "updated",
                null,
                leadText
            );
        return (
            id,
            work.Replace(
                lead,
                lead with
                {
                    Customer = id,
                    Status = LeadStatus.Converted,
                },
                "converted",
                writer => writer.WriteString("customer", customerText),
                customerText
            )
        );
    }

    /// <summary>What is known of the lead, as a customer's.</summary>
    public static Customer CustomerOf(Lead lead, CustomerKind kind, UnitOfWork work) =>
        new()
        {
            Salutation = lead.Salutation,
            FirstName = lead.FirstName,
            MiddleName = lead.MiddleName,
            LastName = lead.LastName,
            Emails = lead.Emails,
            Phones = lead.Phones,
            Company = lead.Company,
            JobTitle = lead.JobTitle,
            Address = lead.Address,
            Language = lead.Language,
            TimeZone = lead.TimeZone,
            BestTimeToCall = lead.BestTimeToCall,
            Kind = kind,
            Owner = lead.Owner,
            Tags = lead.Tags,
            Notes = lead.Notes,
            Since = work.Now,
            Lead = lead.Id,
            Consent = lead.Consent,
            Source = lead.Source,
            FirstTouch = lead.FirstTouch,
            LastTouch = lead.LastTouch,
            Provenance = lead.Provenance,
            Custom = Shared(lead, work),
        };

    /// <summary>The values of custom fields that leads and customers of the workspace both have, by the same name and kind.</summary>
    static System.Collections.Immutable.ImmutableSortedDictionary<string, object> Shared(Lead lead, UnitOfWork work)
    {
        var (ofLeads, ofCustomers) = (
            work.Settings.For(ResourceType.Of<Lead>()).CustomFields,
            work.Settings.For(ResourceType.Of<Customer>()).CustomFields
        );
        var shared = Resource.NoCustom;
        foreach (var (name, value) in lead.Custom)
            if (
                ofLeads.FirstOrDefault(f => f.Name == name) is { } from
                && ofCustomers.FirstOrDefault(f => f.Name == name) is { } to
                && from.Kind.Name == to.Kind.Name
            )
                shared = shared.Add(name, value);
        return shared;
    }

    static string? OrderIn(System.Text.Json.JsonElement body) =>
        body.ValueKind == System.Text.Json.JsonValueKind.Object
        && body.TryGetProperty("orderId", out var order)
        && order.ValueKind == System.Text.Json.JsonValueKind.String
        && order.GetString()!.Trim() is { Length: > 0 } wanted
            ? wanted
            : null;

    static async ValueTask<Purchase?> BoughtAs(UnitOfWork work, string? order, CancellationToken cancel) =>
        order is null ? null : await work.FindBy<Purchase>("orderId", order, cancel);
}
