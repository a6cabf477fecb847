// A consent comes in: its receipt, and the line of it on the lead or the customer.

using System.Collections.Immutable;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Consents;

public static class KeepConsent
{
    /// <summary>The installation counts for each workspace how often receipts came.</summary>
    public const string Counters = "consents/";

    /// <summary>Lines on one person. Receipts have no such limit: they are records of their own.</summary>
    public const int Most = 200;

    /// <summary>What POST /v1/consents checks and completes.</summary>
    public static async ValueTask<ConsentReceipt> Prepare(
        UnitOfWork work,
        ConsentReceipt? before,
        ConsentReceipt after,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (after.At > work.Now)
            errors.Add("at", "in_future", "Must not be in the future.");
        if (errors.Any)
            return after;
        var receipt = Sealed(work, after with { Method = ConsentMethod.Entered, At = after.At ?? work.Now });
        await AddLine(work, receipt, cancel);
        return receipt;
    }

    /// <summary>Adds a receipt to the commit; the line on the person is the caller's.</summary>
    public static ConsentReceipt Insert(UnitOfWork work, ConsentReceipt receipt) => work.Insert(Sealed(work, receipt));

    /// <summary>With its id, its key and the hash of what it says, and somebody is asked to chain it.</summary>
    static ConsentReceipt Sealed(UnitOfWork work, ConsentReceipt receipt)
    {
        work.Notify(Counters);
        var given = receipt with
        {
            Id = receipt.Id == Id.Empty ? work.NextId() : receipt.Id,
            GivenBy = receipt.Lead is { } lead ? lead.Text<Lead>() : receipt.Customer!.Value.Text<Customer>(),
            Key = ConsentHash.NewKey(),
        };
        return given with { Content = ConsentHash.OfContent(given)! };
    }

    /// <summary>The line of it on the lead, and on the customer that the lead became.</summary>
    static async ValueTask AddLine(UnitOfWork work, ConsentReceipt receipt, CancellationToken cancel)
    {
        var line = Line(receipt);
        Id?[] customers = [receipt.Customer];
        if (receipt.Lead is { } leadId && await work.Find<Lead>(leadId, cancel) is { } lead)
        {
            work.Replace(lead, lead with { Consent = With(lead.Consent, line) });
            customers = [receipt.Customer, lead.Customer];
        }
        foreach (var id in customers.OfType<Id>().Distinct())
            if (await work.Find<Customer>(id, cancel) is { } customer)
                work.Replace(customer, customer with { Consent = With(customer.Consent, line) });
    }

    static GivenConsent Line(ConsentReceipt receipt) =>
        new()
        {
            Purpose = receipt.Purpose!,
            Granted = receipt.Granted,
            Basis = Names.Snake(receipt.Basis.ToString()).Replace('_', '-'),
            At = receipt.At!.Value,
            Submission = receipt.Submission,
        };

    /// <summary>The last line of a purpose says what holds, so it always finds room: the first one that says no more gives it.</summary>
    static ImmutableArray<GivenConsent> With(ImmutableArray<GivenConsent> lines, GivenConsent line)
    {
        if (lines.Length >= Most)
        {
            var old = lines.FirstOrDefault(one => one.Purpose == line.Purpose) ?? lines[0];
            lines = lines.Remove(old);
        }
        return lines.Add(line);
    }

    /// <summary>Ends a consent by a receipt of its own; what is withdrawn already, or was a refusal, stays as it is.</summary>
    public static async ValueTask<ConsentReceipt> Withdraw(
        UnitOfWork work,
        ConsentReceipt given,
        ConsentMethod method,
        CancellationToken cancel
    )
    {
        if (!given.CanBeWithdrawn)
            return given;
        var ended = End(work, given, method, work.Now);
        await AddLine(work, ended, cancel);
        return work.Replace(given, given with { WithdrawnAt = work.Now }, "withdrawn", null, ended.Id.Text<ConsentReceipt>());
    }

    static ConsentReceipt End(UnitOfWork work, ConsentReceipt given, ConsentMethod method, DateTimeOffset at) =>
        Insert(
            work,
            new()
            {
                Lead = given.Lead,
                Customer = given.Customer,
                Purpose = given.Purpose,
                Basis = given.Basis,
                Granted = false,
                Language = given.Language,
                At = at,
                Method = method,
                Withdraws = given.Id,
            }
        );

    /// <summary>An entry is taken out of a lead, or put away: what it gave there was not the person's. The line goes with the
    /// entry's other values.</summary>
    public static async ValueTask TakeBack(UnitOfWork work, Id submission, CancellationToken cancel)
    {
        var type = ResourceType.Of<ConsentReceipt>();
        var ofEntry = new Filter.Compare("submission", Comparison.Eq, Key.Of(submission.Text<Forms.Submission>()));
        using var page = await work.Store.Query(new(type.Collection, ofEntry, [], true, null, Most), cancel);
        for (var i = 0; i < page.Count; i++)
            if (type.FromRow<ConsentReceipt>(page[i]) is { CanBeWithdrawn: true } given)
            {
                End(work, given, ConsentMethod.TakenBack, work.Now);
                work.Replace(given, given with { WithdrawnAt = work.Now }, "withdrawn");
            }
    }

    public static readonly ResourceAction WithdrawAction = ResourceAction.On<ConsentReceipt>(
        "withdraw",
        "Ends a consent, as its person does by its link. Again it does nothing.",
        async (work, given, cancel) => new(await Withdraw(work, given, ConsentMethod.Entered, cancel))
    );
}
