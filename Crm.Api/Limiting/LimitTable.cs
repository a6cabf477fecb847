// Every limit of the doors that strangers come to, with what it is unless Crm__Limits__{name} says otherwise. docs/limits.md is this table.

using Crm.Domain.Budgets;
using Crm.Domain.Leads;
using Crm.Domain.Stores;

namespace Crm.Api.Limiting;

public sealed class LimitTable
{
    const long KiB = 1 << 10,
        MiB = 1 << 20;

    readonly List<Limit> all = [];
    readonly List<(string Setting, string Value)> settings = [];
    readonly Dictionary<string, string> said;

    LimitTable(Dictionary<string, string> said)
    {
        this.said = said;
        FormAddress = ByAddress("FormAddress", "form-address", new(10, 20), new(1 * MiB, 4 * MiB));
        Address = ByAddress("Address", "address", new(60, 60), Allowance.None);
        Form = One("Form", "form", new(600, 600), new(16 * MiB, 64 * MiB));
        WorkspaceForms = One("WorkspaceForms", "workspace-forms", new(3000, 3000), new(64 * MiB, 128 * MiB));
        Limited = ByAddress("Limited", "limited", new(120, 600), new(512 * KiB, 4 * MiB));
        LinkAddress = ByAddress("LinkAddress", "link-address", new(120, 120), new(512 * KiB, 1 * MiB));
        Link = One("Link", "link", new(6000, 6000), new(16 * MiB, 32 * MiB));
        WorkspaceLinks = One("WorkspaceLinks", "workspace-links", new(10_000, 10_000), new(32 * MiB, 64 * MiB));
        TrackerAddress = ByAddress("TrackerAddress", "tracker-address", new(120, 120), new(512 * KiB, 1 * MiB));
        TrackerSite = One("TrackerSite", "tracker-site", new(10_000, 10_000), new(16 * MiB, 32 * MiB));
        WorkspaceTracker = One("WorkspaceTracker", "workspace-tracker", new(20_000, 20_000), new(32 * MiB, 64 * MiB));
        PostbackAddress = ByAddress("PostbackAddress", "postback-address", new(600, 600), new(2 * MiB, 4 * MiB));
        Postback = One("Postback", "postback", new(3000, 3000), new(8 * MiB, 16 * MiB));
        WorkspacePostbacks = One("WorkspacePostbacks", "workspace-postbacks", new(6000, 6000), new(16 * MiB, 32 * MiB));
        MailAddress = ByAddress("MailAddress", "mail-address", new(600, 600), Allowance.None);
        PictureAddress = ByAddress("PictureAddress", "picture-address", new(600, 600), Allowance.None);
        OpenAddress = ByAddress("OpenAddress", "open-address", new(120, 120), Allowance.None);
        FailedKeys = ByAddress("FailedKeys", "failed-keys", new(10, 10), Allowance.None);
        Key = One("Key", "key", new(600, 100), Allowance.None);
        Cost = One("Cost", "graphql-cost", new(50_000, 50_000), Allowance.None);
        Connections = Number("Connections", 100);
        UnknownSockets = Number("UnknownSockets", 20);
        var usual = new ProposalBudget();
        ProposedChanges = new()
        {
            BytesOfLead = Size("ProposedChangeBytesOfLead", usual.BytesOfLead),
            BytesOfWorkspace = Size("ProposedChangeBytesOfWorkspace", usual.BytesOfWorkspace),
        };
        var kept = new StorageBudgets();
        Storage = new()
        {
            ClickBytes = Size("ClickBytesOfWorkspace", kept.ClickBytes),
            TouchBytes = Size("TouchBytesOfWorkspace", kept.TouchBytes),
            EntryBytes = Size("EntryBytesOfWorkspace", kept.EntryBytes),
            Entries = Number("EntriesOfWorkspace", (int)kept.Entries, 100_000_000),
        };
        if (
            said.Keys.FirstOrDefault(name => !settings.Exists(s => s.Setting.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } wrong
        )
            throw new StoreConfigurationException(
                $"Crm__Limits__{wrong} is no limit. There are: {string.Join(", ", settings.Select(s => s.Setting))}."
            );
    }

    public AddressLimit FormAddress { get; }
    public AddressLimit Address { get; }
    public Limit Form { get; }
    public Limit WorkspaceForms { get; }

    /// <summary>What of an address is kept in quarantine because it is over the limits of forms.</summary>
    public AddressLimit Limited { get; }
    public AddressLimit LinkAddress { get; }
    public Limit Link { get; }
    public Limit WorkspaceLinks { get; }
    public AddressLimit TrackerAddress { get; }
    public Limit TrackerSite { get; }
    public Limit WorkspaceTracker { get; }

    /// <summary>Mails that come in, of one mail server.</summary>
    public AddressLimit MailAddress { get; }
    public AddressLimit PostbackAddress { get; }
    public Limit Postback { get; }
    public Limit WorkspacePostbacks { get; }

    /// <summary>Pictures of reports in mails: those who show mails fetch them for many readers.</summary>
    public AddressLimit PictureAddress { get; }

    /// <summary>GraphQL without a key: the explorer's page, and WebSockets that have not said who they are.</summary>
    public AddressLimit OpenAddress { get; }

    /// <summary>Wrong API keys.</summary>
    public AddressLimit FailedKeys { get; }
    public Limit Key { get; }

    /// <summary>Points of a key's GraphQL requests.</summary>
    public Limit Cost { get; }

    /// <summary>Open connections of one address; four and sixteen times as many of a /56 and a /48.</summary>
    public int Connections { get; }

    /// <summary>Open WebSockets of one address that have not said who they are; four and sixteen times as many of a /56 and a
    /// /48.</summary>
    public int UnknownSockets { get; }

    /// <summary>How many bytes of proposed changes wait at most.</summary>
    public ProposalBudget ProposedChanges { get; }

    /// <summary>How much is kept of what strangers send.</summary>
    public StorageBudgets Storage { get; }

    /// <summary>By name, as nodes report them to each other.</summary>
    public IReadOnlyList<Limit> All => all;

    /// <summary>Every name that may stand behind <c>Crm__Limits__</c>, with its value.</summary>
    public IReadOnlyList<(string Setting, string Value)> Settings => settings;

    /// <param name="section"><c>Crm:Limits</c>.</param>
    public static LimitTable From(IConfigurationSection section) =>
        new(section.GetChildren().ToDictionary(child => child.Key, child => child.Value ?? "", StringComparer.OrdinalIgnoreCase));

    AddressLimit ByAddress(string setting, string name, Allowance requests, Allowance bytes)
    {
        var (a, b) = Said(setting, requests, bytes);
        var limit = AddressLimit.Of(name, a, b);
        all.AddRange([limit.One, limit.Of56, limit.Of48]);
        return limit;
    }

    Limit One(string setting, string name, Allowance requests, Allowance bytes)
    {
        var (a, b) = Said(setting, requests, bytes);
        var limit = new Limit(name, a, b);
        all.Add(limit);
        return limit;
    }

    (Allowance, Allowance) Said(string setting, Allowance requests, Allowance bytes)
    {
        var a = Read(setting, requests);
        return (a, bytes.IsNone ? bytes : Read(setting + "Bytes", bytes));
    }

    Allowance Read(string setting, Allowance usual)
    {
        if (said.TryGetValue(setting, out var text) && !Allowance.TryParse(text, out usual))
            throw new StoreConfigurationException(
                $"Crm__Limits__{setting} must be a number a minute and, behind a slash, a number at once (10/20, 1MiB/4MiB), or off."
            );
        settings.Add((setting, usual.ToString()));
        return usual;
    }

    int Number(string setting, int usual, int most = 1_000_000)
    {
        if (said.TryGetValue(setting, out var text) && (!int.TryParse(text, out usual) || usual < 1 || usual > most))
            throw new StoreConfigurationException($"Crm__Limits__{setting} must be a number from 1 to {most}.");
        settings.Add((setting, usual.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return usual;
    }

    long Size(string setting, long usual)
    {
        if (said.TryGetValue(setting, out var text) && !Allowance.TryNumber(text.Trim(), out usual))
            throw new StoreConfigurationException($"Crm__Limits__{setting} must be a number of bytes, such as 262144, 256KiB or 4GiB.");
        settings.Add((setting, Allowance.Text(usual)));
        return usual;
    }
}
